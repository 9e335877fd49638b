package io.millrace.inference.protocol;

import io.millrace.inference.model.TensorSpec;
import io.millrace.inference.repository.Lease;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.repository.ModelVersions;
import io.millrace.inference.repository.ServingVersion;
import io.millrace.inference.routing.RoutingTable;
import io.millrace.inference.routing.Target;
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

    /** @param name of a model or a route; of a route, the target of most requests is described */
    static ModelMetadata of(ModelRepository repository, RoutingTable routing, String name, String number) {
        Target target = routing.main(name, number);
        try (Lease lease = repository.acquire(target.model(), target.version())) {
            ServingVersion version = lease.version();
            ModelVersions all = repository.versions(target.model());
            Map<String, String> properties = new TreeMap<>();
            properties.put("version", Integer.toString(version.version()));
            properties.put("inputs", version.definition().columns());
            properties.put(SIGNATURE, version.definition().signature());
            version.definition()
                    .embeddingSpace(version.version())
                    .ifPresent(space -> properties.put(EMBEDDING_SPACE, space));
            all.refused().forEach((refused, why) -> properties.put("refused." + refused, why.reason()));
            return new ModelMetadata(
                    name,
                    all.serving().keySet().stream().map(String::valueOf).toList(),
                    version.definition().platform(),
                    version.inputs(),
                    version.outputs(),
                    properties);
        }
    }
}
