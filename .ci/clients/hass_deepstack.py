"""What deepstack-python sends for HASS-Deepstack-object and Viseron, and how it reads the reply: python3 hass_deepstack.py BASE IMAGE"""
import json
import sys

import requests

base, path = sys.argv[1:]
with open(path, "rb") as file:
    response = requests.post(f"{base}/v1/vision/detection", data={"api_key": ""}, files={"image": file.read()}, timeout=10)
if response.status_code != 200:
    raise SystemExit(f"status {response.status_code}")
found = response.json()["predictions"]
# Home Assistant shows centers as shares of the image that it has sent.
centers = [((each["x_min"] + each["x_max"]) / 1400, (each["y_min"] + each["y_max"]) / 1400) for each in found]
assert all(0 < x < 1 and 0 < y < 1 for x, y in centers)
print(json.dumps([each["label"] for each in found]))
