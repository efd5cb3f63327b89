#!/usr/bin/env python3
"""Writes the golden messages, referrals and vignettes, and the pathway, below DIRECTORY as seeds, one directory a fuzz target."""
import json
import pathlib
import sys

JSON = (
    '{"message_id":"m","source":"gp","referrer":{"organisation":"Y05868"},"referred_at":"2026-11-02T09:30:00Z",'
    '"patient":{"family_name":"A","birth_date":"1984-05-17"},"problem":"low_back_pain","duration_weeks":9,'
    '"red_flags":{"screened":true,"present":["night_pain"]},"instruments":{"phq_9":[1,1,1,1,1,0,0,0,null],'
    '"hads":{"anxiety":3},"axial_spa":{"features":["psoriasis"]}},"override":{"tier":"physio"},"letter":"\\u00e9"}'
)


def seed(directory, target, name, data):
    folder = directory / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def golden(name):
    path = pathlib.Path(__file__).resolve().parent.parent / "golden" / name
    for line in path.read_text().splitlines():
        key, data = line.split(" ")
        yield key, bytes.fromhex(data)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: seed.py DIRECTORY")
    directory = pathlib.Path(sys.argv[1])
    for name, data in golden("wire.txt"):
        seed(directory, "frame", name, data)
    for name, data in golden("referral.txt"):
        seed(directory, "referral_wire" if name.endswith(".wire") else "referral_ledger", name, data)
    seed(directory, "referral_json", "referral", JSON.encode())
    here = pathlib.Path(__file__).resolve().parent.parent
    for number, line in enumerate((here / "golden" / "vignettes.ndjson").read_text().splitlines()):
        seed(directory, "decide", f"vignette-{number}", json.dumps(json.loads(line)["input"]).encode())
    seed(directory, "pathway_file", "default", (here.parent / "config" / "pathway.yaml").read_bytes())


main()
