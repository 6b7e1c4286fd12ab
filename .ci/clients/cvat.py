"""What CVAT's lambda manager sends, and how it reads the replies: python3 cvat.py BASE IMAGE"""
import base64
import json
import sys

import requests

HEADERS = {"x-nuclio-project-name": "cvat", "x-nuclio-function-namespace": "nuclio", "x-nuclio-invoke-via": "domain-name"}
base, path = sys.argv[1:]
with open(path, "rb") as file:
    image = base64.b64encode(file.read()).decode("utf-8")
scheme, _, address = base.partition("://")
# CVAT_NUCLIO_HOST=server:port/nuclio and CVAT_NUCLIO_PORT's default
gateway = "{}://{}:{}".format(scheme, f"{address}/nuclio", 8070)


def http(method, url, headers=None, data=None):
    reply = requests.request(method, gateway + url, headers={**HEADERS, **(headers or {})}, timeout=120, json=data)
    reply.raise_for_status()
    return reply.json()


[listed] = http("get", "/api/functions").values()
function = http("get", "/api/functions/" + listed["metadata"]["name"])
assert function["metadata"]["annotations"]["type"] == "detector" and function["spec"]["description"]
assert function["status"]["state"] == "ready"
labels = [item["name"] for item in json.loads(function["metadata"]["annotations"]["spec"])]
assert len(labels) == len(set(labels)) == 80
headers = {"x-nuclio-function-name": function["metadata"]["name"], "x-nuclio-path": "/"}
shapes = http("post", "/api/function_invocations", headers, {"threshold": 0.5, "image": image})
assert all(shape["type"] == "rectangle" and len(shape["points"]) == 4 for shape in shapes)
print(json.dumps([shape["label"] for shape in shapes if shape["label"] in labels]))
