#!/usr/bin/env bash
# The command behind every published number of the algorithms. Run from the repository's root, any line by itself.
#
#   DATASET   what to train on; its "validation" split, if it has one, is what the selection is measured on
#   SEEDS     as many as the table names; they are trained side by side
#   UPDATES   the same for all
#
# A line that was interrupted goes on where it stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DATASET=${DATASET:-local/mixed-v0}
SEEDS=${SEEDS:-0,1,2}
UPDATES=${UPDATES:-1500}
PYTHON=${PYTHON:-.venv/bin/python}
train() { "$PYTHON" -m algorithms.train --dataset "$DATASET" --seeds "$SEEDS" --steps "$UPDATES" --resume "$@"; }

# The dataset, a quarter of an hour on two cores; one that is there stays as it is.
"$PYTHON" -m webvoyager_gym.cli datasets show "$DATASET" > /dev/null 2>&1 ||
  "$PYTHON" -m webvoyager_gym.cli datasets build "$DATASET" --workers 2

# All algorithms, one table (README.md: "Algorithms").
train --algo iql --out runs/iql
train --algo sarsa --out runs/sarsa
train --algo dqn --out runs/dqn
train --algo double-dqn --out runs/double-dqn
train --algo cql --out runs/cql
train --algo bcq --out runs/bcq
train --algo monte-carlo --out runs/monte-carlo
train --algo bc --out runs/bc
train --algo filtered-bc --out runs/filtered-bc
train --algo decision-transformer --out runs/decision-transformer
train --algo continuous-iql --out runs/continuous-iql
train --algo continuous-iql --set choose_by=actor --out runs/continuous-iql-actor
train --algo continuous-td3-bc --out runs/continuous-td3-bc
train --algo continuous-td3-bc --set choose_by=actor --out runs/continuous-td3-bc-actor
train --algo continuous-awac --out runs/continuous-awac
train --algo continuous-awac --set choose_by=actor --out runs/continuous-awac-actor
train --algo continuous-cql --out runs/continuous-cql
train --algo continuous-cql --set choose_by=actor --out runs/continuous-cql-actor

# How often they take a best action, on the states of a transition tree (README.md: "Has it learnt to choose?").
"$PYTHON" -m webvoyager_gym.cli evaluate --split validation --tasks 60 --agent first --agent oracle-of-n --tree runs/validation-tree --out runs/ceiling.json
models=()
for model in runs/*-0/model.safetensors; do
  name=$(basename "$(dirname "$model")")
  [[ $name == decision-transformer-* ]] || models+=(--model "runs/${name%-0}-{seed}/model.safetensors")
done
"$PYTHON" -m algorithms.best_actions --tree runs/validation-tree "${models[@]}" --seeds "$SEEDS"

# Their success on 150 validation tasks, the VLM's first choice first.
agents=(--agent first)
for model in runs/*-*/model.safetensors; do agents+=(--agent "values:$model"); done
"$PYTHON" -m algorithms.evaluate "${agents[@]}" --split validation --tasks 150 --out runs/algorithms.json

# Estimates without the environment, held against those rollouts.
selectors=(--selector first --agent first)
for model in runs/*-*/model.safetensors; do
  name=$(basename "$(dirname "$model")")
  # It chooses by the history, which these estimates do not see.
  if [[ $name != decision-transformer-* ]]; then selectors+=(--selector "$model" --agent "values:$name"); fi
done
"$PYTHON" -m algorithms.estimate --dataset "$DATASET" "${selectors[@]}" --rollouts runs/algorithms.json

# Best-of-Q's rounds: success on 150 validation tasks against trajectories, a table and a plot.
"$PYTHON" -m algorithms.iterate --rounds 3 --episodes 150 --out runs/iterate

# What the options beyond the papers are worth (README.md: "Options").
"$PYTHON" -m algorithms.ablate --dataset "$DATASET" --seeds "$SEEDS" --steps "$UPDATES" --tasks 150 --out runs/ablation

# Speed: against d3rlpy's fit, by candidates, by dataset size.
"$PYTHON" -m algorithms.speed --out runs/speed
