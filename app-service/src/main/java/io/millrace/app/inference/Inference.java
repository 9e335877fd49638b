package io.millrace.app.inference;

import io.millrace.model.Tensor;
import java.util.List;

/**
 * What a model answered.
 *
 * @param version which version it was
 * @param embeddingSpace the space of its embeddings; empty where it makes none
 */
public record Inference(String model, String version, String embeddingSpace, List<Tensor> outputs) {

    public Inference {
        outputs = List.copyOf(outputs);
    }

    /** The output of this name. */
    public Tensor output(String name) {
        return outputs.stream()
                .filter(output -> output.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(model + " gave no output " + name));
    }
}
