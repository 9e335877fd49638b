package io.millrace.inference.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import org.junit.jupiter.api.Test;

class OnnxProviderTest {

    @Test
    void aGpuThatThisBuildCannotUseIsSaidAtTheStart() {
        assumeThat(OrtEnvironment.getAvailableProviders()).doesNotContain(OrtProvider.CUDA);

        assertThatThrownBy(() -> new OnnxRuntime(OnnxProvider.CUDA, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this ONNX Runtime has no CUDA");
    }
}
