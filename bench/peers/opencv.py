"""A peer of `nanodet bench peers`: OpenCV decodes, warps and runs the plain export. Argument: the folder of bench/peers/setup.ts."""

import json
import os
import platform
import sys
import time

import cv2
import numpy as np

folder = sys.argv[1]
with open(os.path.join(folder, 'setup.json')) as file:
    setup = json.load(file)
size = (setup['config']['input']['width'], setup['config']['input']['height'])
padded = setup['padded']
normalization = setup['config']['normalization']
swap = normalization['channelOrder'] == 'RGB'  # cv2 decodes to BGR
mean = normalization['mean']
factors = (1 / np.array(normalization['std'], np.float32)).reshape(1, 3, 1, 1)

cv2.setNumThreads(1)
net = cv2.dnn.readNetFromONNX(os.path.join(folder, 'plain.onnx'))
net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
net.setPreferableTarget(cv2.dnn.DNN_TARGET_CPU)


def forward(blob):
    net.setInput(blob)
    return net.forward()


def normalize(image):
    blob = cv2.dnn.blobFromImage(image, 1.0, mean=mean, swapRB=swap)
    blob *= factors
    if size == (padded['width'], padded['height']):
        return blob
    return np.pad(blob, ((0, 0), (0, 0), (0, padded['height'] - size[1]), (0, padded['width'] - size[0])))


def run(data, matrix):
    """CPU milliseconds of each part."""
    times = [time.process_time()]

    def lap(result):
        times.append(time.process_time())
        return result

    image = lap(cv2.imdecode(data, cv2.IMREAD_COLOR))
    blob = lap(normalize(lap(cv2.warpPerspective(image, matrix, size))))
    lap(forward(blob))
    return [1000 * (after - before) for before, after in zip(times, times[1:])]


def max_difference():
    """Of the predictions for the same input, from onnxruntime's."""
    blob = np.fromfile(os.path.join(folder, 'input.bin'), np.float32).reshape(1, 3, padded['height'], padded['width'])
    expected = np.fromfile(os.path.join(folder, 'predictions.bin'), np.float32)
    return float(np.abs(forward(blob).ravel() - expected).max())


photos = [(np.fromfile(photo['path'], np.uint8), np.array(photo['matrix'])) for photo in setup['photos']]
ready = {
    'versions': {'Python': platform.python_version(), 'OpenCV': cv2.__version__},
    'max_difference': max_difference(),
}
print(json.dumps(ready), flush=True)
runs = 0
for line in sys.stdin:
    results = []
    for _ in range(int(line)):
        results.append(run(*photos[runs % len(photos)]))
        runs += 1
    means = np.mean(results, axis=0).tolist()
    print(json.dumps(dict(zip(('decode', 'warp', 'normalize', 'network'), means))), flush=True)
