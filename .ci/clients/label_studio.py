"""What Label Studio sends to an ML backend, and how it reads the replies: python3 label_studio.py BASE IMAGE"""
import base64
import json
import sys
from urllib.parse import urljoin

import requests

CONFIG = """<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image">
<Label value="Person"/><Label value="Necktie" predicted_values="tie"/></RectangleLabels></View>"""
PROJECT = "1.1700000000"
base, path = sys.argv[1:]
with open(path, "rb") as file:
    image = "data:image/jpeg;base64," + base64.b64encode(file.read()).decode("utf-8")
session = requests.Session()


def ask(method, suffix, body=None):
    url = urljoin(f"{base}/label-studio/", suffix)
    response = session.request(method, url, json=body, timeout=(1.0, 100.0))
    response.raise_for_status()
    return response.json()


assert ask("GET", "health")["status"] == "UP"
setup = {"project": PROJECT, "schema": CONFIG, "hostname": "http://localhost:8081", "access_token": "x"}
version = ask("POST", "setup", setup).get("model_version")
tasks = [{"id": 1, "data": {"image": "/data/upload/1/me.jpg"}}, {"id": 2, "data": {"image": image}}]
params = {"login": None, "password": None, "context": None}
body = {"tasks": tasks, "model_version": version, "project": PROJECT, "label_config": CONFIG, "params": params}
results = ask("POST", "predict", body)["results"]
assert len(results) == len(tasks) and results[0]["result"] == [] and isinstance(results[1]["score"], float)
for region in results[1]["result"]:
    assert region["type"] == "rectanglelabels" and (region["from_name"], region["to_name"]) == ("label", "image")
    assert all(0 <= region["value"][key] <= 100 for key in ("x", "y", "width", "height"))
assert ask("POST", "train", {"annotations": [], "project": PROJECT}).get("job") is None
names = {"Person": "person", "Necktie": "tie"}
print(json.dumps([names[region["value"]["rectanglelabels"][0]] for region in results[1]["result"]]))
