"""Git repositories of the tests: commits by a test person, whatever git is set to on this machine."""

from .namespace import run


def git(directory, *words, check=True):
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgSign=false")
    return run("git", "-C", directory, *identity, *words, check=check).stdout.strip()


def commit(directory, message, *options):
    """Commit everything there is; returns the commit."""
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "-m", message, *options)
    return git(directory, "rev-parse", "HEAD")
