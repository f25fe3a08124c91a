"""Sealed values by docs/sealed-values.md, on libsodium alone: it shares no code with WireBuddy."""

import base64
import ctypes
import ctypes.util
import struct

sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
assert sodium.sodium_init() >= 0

PREFIX = "sealed:v1:"
NONCE, HINT, SEALED_KEY, TAG, BLOCK = 24, 8, 80, 16, 32


class Refused(Exception):
    """Why a value does not open."""


def public_key(private):
    public = ctypes.create_string_buffer(32)
    sodium.crypto_scalarmult_base(public, private)
    return public.raw


def length(number):
    return ctypes.c_ulonglong(number)


def plaintext(parts):
    text = b"".join(struct.pack(">H", len(part)) + part for part in parts) + b"\x80"
    return text + bytes(-len(text) % BLOCK)


def parts(text):
    """The five parts; every byte belongs to one, or to the padding."""
    found, position = [], 0
    for _ in range(5):
        if position + 2 > len(text):
            raise Refused("the content is cut")
        (size,) = struct.unpack_from(">H", text, position)
        position += 2
        if position + size > len(text):
            raise Refused("the content is cut")
        found.append(text[position : position + size])
        position += size
    rest = text[position:]
    if not rest or len(text) % BLOCK or len(rest) > BLOCK or rest != b"\x80" + bytes(len(rest) - 1):
        raise Refused("the padding is wrong")
    return found


def seal(secret, context, recipients, nonce=None, key=None):
    """Seals `secret` (bytes) for `context` (repository id, kind, field, identity) to public keys."""
    nonce = nonce or random(NONCE)
    key = key or random(32)
    stanzas = b""
    for recipient in recipients:
        sealed = ctypes.create_string_buffer(SEALED_KEY)
        if sodium.crypto_box_seal(sealed, key, length(32), recipient) != 0:
            raise Refused("not a public key")
        stanzas += recipient[:HINT] + sealed.raw
    head = bytes([len(recipients)]) + stanzas
    associated = PREFIX.encode() + head
    content = plaintext([*(part.encode() for part in context), secret])
    output = ctypes.create_string_buffer(len(content) + TAG)
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        output, None, content, length(len(content)), associated, length(len(associated)), None, nonce, key
    )
    return PREFIX + base64.b64encode(nonce + head + output.raw).decode()


def unseal(text, private):
    """The context and the secret."""
    if not text.startswith(PREFIX):
        raise Refused("the prefix is wrong")
    raw = base64.b64decode(text[len(PREFIX) :], validate=True)
    nonce, count = raw[:NONCE], raw[NONCE]
    start = NONCE + 1 + count * (HINT + SEALED_KEY)
    if not 1 <= count <= 64 or len(raw) < start + TAG + BLOCK or (len(raw) - start - TAG) % BLOCK:
        raise Refused("the length is wrong")
    associated, ciphertext = PREFIX.encode() + raw[NONCE:start], raw[start:]
    public = public_key(private)
    for index in range(count):
        stanza = raw[NONCE + 1 + index * (HINT + SEALED_KEY) :][: HINT + SEALED_KEY]
        if stanza[:HINT] != public[:HINT]:
            continue
        key = ctypes.create_string_buffer(32)
        if sodium.crypto_box_seal_open(key, stanza[HINT:], length(SEALED_KEY), public, private) != 0:
            continue
        output = ctypes.create_string_buffer(len(ciphertext) - TAG)
        if sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            output, None, None, ciphertext, length(len(ciphertext)), associated, length(len(associated)), nonce, key
        ):
            raise Refused("it was changed")
        *context, secret = parts(output.raw)
        return tuple(part.decode() for part in context), secret
    raise Refused("it is sealed to others")


def random(count):
    output = ctypes.create_string_buffer(count)
    sodium.randombytes_buf(output, ctypes.c_size_t(count))
    return output.raw
