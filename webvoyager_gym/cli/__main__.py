"""`python -m webvoyager_gym.cli`, the same as `webvoyager-gym`."""

from webvoyager_gym.cli import main

if __name__ == "__main__":
    main()
