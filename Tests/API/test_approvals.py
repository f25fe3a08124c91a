"""Consent by REST: a write that says it itself, and documents that are committed on top of what a rail refuses."""

from lab.namespace import wait_for

FILE = "interfaces/wg0.yaml"
LATER = "2099-01-01T00:00:00Z"


def test_a_port_changes_by_rest_with_consent_alone(fresh):
    refused = fresh.patch("/api/interfaces/wg0", {"listen_port": 51830}, expect=409).json()
    assert [row["rail"] for row in refused["details"]["rails"]] == ["port-change"]
    digest = refused["details"]["rails"][0]["digest"]
    fresh.patch("/api/interfaces/wg0?approve=0123456789ab", {"listen_port": 51830}, expect=409)
    fresh.patch("/api/interfaces/wg0?approve=port-change", {"listen_port": 51830}, expect=400)
    path = f"/api/interfaces/wg0?approve=0123456789ab,{digest}&wait=30s"
    written = fresh.patch(path, {"listen_port": 51830}).json()
    assert written["reconcile"]["state"] == "converged" and written["data"]["listen_port"] == 51830


def test_an_approval_is_committed_on_top_of_a_refused_head(fresh):
    lines = [line for line in (fresh.config / FILE).read_text().splitlines() if not line.startswith("listen_port:")]
    fresh.write(FILE, "\n".join([*lines, "listen_port: 51831", ""]))
    fresh.commit("Move the port")
    refusals = wait_for(lambda: fresh.get("/api/plan").json()["data"]["refusals"], 30, what="a refused head")
    assert [row["rail"] for row in refusals] == ["port-change"]
    fresh.post("/api/peers", {"name": "late", "interface": "wg0"}, expect=409)
    body = {"digests": [refusals[0]["digest"]], "reason": "the provider blocks 51820", "expires": LATER}
    for field, value in [("digests", []), ("digests", ["xyz"]), ("reason", ""), ("expires", "2020-01-01T00:00:00Z"),
                         ("expires", "soon"), ("rail", "port-change")]:  # fmt: skip
        answer = fresh.post("/api/approvals", body | {field: value}, expect=422).json()
        assert field in str(answer["details"]), answer
    preview = fresh.post("/api/approvals?dry_run=true", body).json()
    assert preview["data"]["object"]["kind"] == "Approval" and fresh.get("/api/approvals").json()["data"] == []
    written = fresh.post("/api/approvals?wait=30s", body, expect=201).json()
    assert written["data"]["digests"] == body["digests"] and written["reconcile"]["state"] == "converged"
    listed = fresh.get("/api/approvals").json()
    assert listed["data"] == [written["data"]] and listed["total"] == 1
    assert list((fresh.config / "approvals").iterdir())
    wait_for(lambda: fresh.get("/api/plan").json()["data"]["changes"] == [], 30, what="the port")
    assert fresh.get("/api/plan").json()["data"]["refusals"] == []
    batch = {"writes": [{"method": "POST", "path": "/api/approvals", "body": body}]}
    results = fresh.post("/api/batch", batch).json()["data"]["results"]
    assert results[0]["data"]["reason"] == body["reason"]
