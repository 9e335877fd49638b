package io.millrace.inference.protocol;

import io.millrace.inference.model.TensorSpec;
import io.millrace.inference.repository.Lease;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.repository.ModelVersions;
import io.millrace.inference.repository.ServingVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model says about one of its versions.
 *
 * @param versions that answer now
 * @param properties beyond the protocol: {@code version} described here, {@code inputs} with the origin of each column as
 *     JSON, their {@code signature}, the {@code embedding_space} of an embedding model, and for each version that was refused
 *     {@code refused.<version>} with the reason
 */
record ModelMetadata(
        String name,
        List<String> versions,
        String platform,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        Map<String, String> properties) {

    static final String EMBEDDING_SPACE = "embedding_space";
    static final String SIGNATURE = "signature";

    static ModelMetadata of(ModelRepository repository, String model, String number) {
        try (Lease lease = repository.acquire(model, number)) {
            ServingVersion version = lease.version();
            ModelVersions all = repository.versions(model);
            Map<String, String> properties = new TreeMap<>();
            properties.put("version", Integer.toString(version.version()));
            properties.put("inputs", version.definition().columns());
            properties.put(SIGNATURE, version.definition().signature());
            version.definition()
                    .embeddingSpace(version.version())
                    .ifPresent(space -> properties.put(EMBEDDING_SPACE, space));
            all.refused().forEach((refused, why) -> properties.put("refused." + refused, why.reason()));
            return new ModelMetadata(
                    model,
                    all.serving().keySet().stream().map(String::valueOf).toList(),
                    version.definition().platform(),
                    version.inputs(),
                    version.outputs(),
                    properties);
        }
    }
}
