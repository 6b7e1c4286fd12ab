/** The names of a compiled network's input, uint8 `[1, H, W, 3]` RGB, and output, float32 `[1, points, values]`. */
export const INPUT_NAME = 'pixels'
export const OUTPUT_NAME = 'output'
/** A second input, int64 `[8]`, of networks whose input size depends on the photo: the padding. */
export const PADS_NAME = 'pads'
/** A second input of networks with LayerCAM's maps, float32 in the shape of the output: the gradient of a score by the predictions. */
export const SEED_NAME = 'prediction_gradients'
