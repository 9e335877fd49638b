package io.millrace.inference.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.inference.model.TensorSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages of the Open Inference Protocol over HTTP. */
final class InferJson {

    private InferJson() {}

    record Request(
            @Nullable String id,
            @Nullable Map<String, Object> parameters,
            @Nullable List<@Nullable Input> inputs,
            @Nullable List<@Nullable RequestedOutput> outputs) {}

    /** @param data row-major, flat or nested */
    record Input(
            @Nullable String name,
            @Nullable List<@Nullable Long> shape,
            @Nullable String datatype,
            @Nullable Map<String, Object> parameters,
            @Nullable List<@Nullable Object> data) {}

    record RequestedOutput(@Nullable String name, @Nullable Map<String, Object> parameters) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Response(
            @JsonProperty("model_name") String modelName,
            @JsonProperty("model_version") String modelVersion,
            @Nullable String id,
            @Nullable Map<String, Object> parameters,
            List<Output> outputs) {}

    /** @param data row-major and flat, or {@code null} if the bytes follow the JSON */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Output(
            String name,
            List<Long> shape,
            String datatype,
            @Nullable Map<String, Object> parameters,
            @Nullable List<Object> data) {}

    record Model(
            String name,
            List<String> versions,
            String platform,
            List<ModelTensor> inputs,
            List<ModelTensor> outputs,
            Map<String, String> properties) {

        static Model of(ModelMetadata model) {
            return new Model(
                    model.name(),
                    model.versions(),
                    model.platform(),
                    model.inputs().stream().map(ModelTensor::of).toList(),
                    model.outputs().stream().map(ModelTensor::of).toList(),
                    model.properties());
        }
    }

    record ModelTensor(String name, String datatype, List<Long> shape) {
        static ModelTensor of(TensorSpec spec) {
            return new ModelTensor(
                    spec.name(), spec.datatype().name(), spec.shape().dimensions());
        }
    }

    record Failure(String error) {}
}
