package io.millrace.inference.runtime;

/** What computes an ONNX model. */
enum OnnxProvider {
    CPU,
    CUDA
}
