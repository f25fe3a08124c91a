"""Asks in threads until whoever started this program has enough and closes its standard input."""

import json
import sys
import threading


def ask_until_told(ending, found, *targets):
    """Runs the targets, which look at the event `ending`; then prints what they found."""
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    print("asking", flush=True)
    sys.stdin.read()
    ending.set()
    for thread in threads:
        thread.join()
    print(json.dumps(found), flush=True)
