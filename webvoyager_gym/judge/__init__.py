"""Judges: vision-language models that say whether an episode completed its task, where no check can.

- case.py: what a judge is shown; verdict.py: what it says
- wording.py: how it is asked, by this package's protocol or in the manner of WebVoyager's own judge
- judging.py: any VLM of `webvoyager_gym.vlm` as a judge, with one vote or two
- recorded.py: the episodes of a dataset judged, resumably, into a file of verdicts
- agreement.py: a judge held against the truth, on the labelled cases in labelled/ say

Ground truth goes first: where a check on the site's state decided, no judge is asked.
"""
