package io.millrace.inference.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Engines beside ONNX Runtime.
 *
 * @param pytorch the folder with the libraries of the module inference-pytorch; without it TorchScript is refused
 */
@ConfigurationProperties("millrace.inference.engines")
record EnginesProperties(@Nullable Path pytorch) {}
