package io.millrace.inference.runtime;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where ONNX models run.
 *
 * @param provider {@code CPU}, or {@code CUDA} with onnxruntime_gpu instead of onnxruntime on the class path
 * @param device the GPU's number
 */
@ConfigurationProperties("millrace.inference.onnx")
record OnnxProperties(
        @DefaultValue("CPU") OnnxProvider provider,
        @DefaultValue("0") int device) {

    OnnxProperties {
        if (device < 0) {
            throw new IllegalArgumentException("millrace.inference.onnx.device: write a GPU's number");
        }
    }
}
