"""Run WebVoyager's 643 entries through the whole live path without a network, and see that every one ends with a label.

    webvoyager-gym tasks download webvoyager
    python -m webvoyager_gym.proofs.live                                   # all entries, the pocket VLM, nobody judges
    python -m webvoyager_gym.proofs.live --tasks 30 --proposer pocket --proposer "openai:MODEL?base_url=…" \\
        --judge "openai:MODEL?base_url=…" --out live.json

Every entry is opened at its own address, such as https://www.amazon.com/: host names lead to the sites of the local
suite on this machine, and every other name leads nowhere. They are served over TLS, with certificates of an authority
that is made for the run and thrown away after it. All else is as on the live web: the hosts that a task may open, the
pace, banners and walls, the proposer, and the judge at the end. An agent takes the first proposal of each state and
answers in its last step, so that every episode has something to be judged.

What an entry may end with is a verdict (`success`, `failure`), or a label that says why there is none: `judge` where
the judge says unknown, cannot be understood, or is not there; `blocked` where the judge says so. `browser`, `site`,
`vlm` and `deadline` are failures of the infrastructure; they are counted apart. The first entry of each site is opened
once more in trouble that is made on purpose, for which one label alone is right:

| trouble | what is done | `info["failure"]` |
|---|---|---|
| captcha | the first page is one | blocked |
| log-in | the site begins with one | blocked |
| nobody | nobody listens at the address | site |
| stranger | the certificate is by another authority | site |
| elsewhere | the first page leads to a host that is not the site's | site |

Exit status 1 if an episode ends with an exception or a wrong label, or more than one in a hundred for want of
infrastructure.
"""
