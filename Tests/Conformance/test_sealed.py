"""Sealed values as docs/sealed-values.md says: the second implementation opens the vectors that the first one's tests open."""

import base64
import json
from pathlib import Path

import pytest
import sealed

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((Path(__file__).parent / "sealed-values.json").read_text())


@pytest.mark.parametrize("vector", VECTORS)
def test_vectors_open(vector):
    for recipient in vector["recipients"]:
        private = base64.b64decode(recipient["private"])
        assert base64.b64encode(sealed.public_key(private)).decode() == recipient["public"]
        assert sealed.unseal(vector["text"], private) == (tuple(vector["context"]), vector["secret"].encode())
    with pytest.raises(sealed.Refused):
        sealed.unseal(vector["text"], bytes(32))


def test_the_page_shows_the_first_vector():
    page = (ROOT / "docs" / "sealed-values.md").read_text()
    vector = VECTORS[0]
    assert f"\n{vector['text']}\n" in page
    assert all(text in page for text in [*vector["context"], vector["secret"]])


def test_every_changed_byte_is_refused():
    private = sealed.random(32)
    text = sealed.seal(b"secret", ("r", "Peer", "f", "name:x"), [sealed.public_key(private)])
    raw = base64.b64decode(text[len(sealed.PREFIX) :])
    for index in range(len(raw)):
        changed = raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :]
        with pytest.raises(sealed.Refused):
            sealed.unseal(sealed.PREFIX + base64.b64encode(changed).decode(), private)
