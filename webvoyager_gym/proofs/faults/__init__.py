"""Break what an environment stands on, again and again while it runs, and see that every episode is labelled right.

    python -m webvoyager_gym.proofs.faults                    # a thousand faults: half an hour on two cores
    python -m webvoyager_gym.proofs.faults --faults 16

Vector rollouts on the local suite meet faults at random moments of their steps. What each may be called:

| fault | what is done | `info["failure"]` | whom it hits |
|---|---|---|---|
| browser killed | SIGKILL to Chromium | browser | all pages |
| tab crashed | its renderer is sent to `chrome://crash` | browser | its own page |
| tab crashed, Chromium too | the same; Chromium died of it | browser | all pages |
| site stopped | the local sites' server is stopped | site | all pages |
| site stalled | the server accepts connections and answers nobody | site, deadline | all pages |
| loop cut | the browser's event loop stops, or its thread ends | browser | all pages |
| disk full, recording | no room for the next episode | none: `NotWritten` is raised | no page |
| disk full, merging | no room for the HDF5 files of a dataset | none: `NotWritten` is raised | no page |
| Ctrl-C | SIGINT to a rollout in a process group of its own | none: it exits | that process |

An episode that is hit is truncated with reward 0 and is no success; the next step resets it, and the next episode
works. A page that is just being opened when its browser or its tab goes is opened again, and its episode loses nothing.
Other pages go on. A disk that is full is one sentence; what was recorded before is whole and the recorder goes on when
there is room. A rollout that is interrupted exits soon and its recording is whole. In the end no process, listening
port, open file or temporary file is left.

About one tab in ten that crashes takes the whole of Chromium along (a segmentation fault). The reason is the way in
which it takes screenshots, its feature `CDPScreenshotNewSurface`, when the page goes meanwhile. Without that feature
none of forty did, but to look at a page took a third longer; so it stays, and these faults have a row of their own.
"""
