package io.millrace.storefront.training;

/**
 * A model as the inference service takes it. Whoever holds it must not change the arrays.
 *
 * @param name in the repository
 * @param onnx the model file
 * @param description its {@code model.yaml}
 */
public record Model(String name, byte[] onnx, byte[] description) {}
