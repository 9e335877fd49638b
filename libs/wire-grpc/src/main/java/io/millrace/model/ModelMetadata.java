package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import inference.ModelMetadataResponse;
import io.millrace.model.ModelSignature.Input;
import io.millrace.model.ModelSignature.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the properties by which a model says where the columns of its inputs come from. */
public final class ModelMetadata {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ModelMetadata() {}

    private record InputJson(
            String name,
            String datatype,
            @Nullable List<ColumnJson> columns,
            @Nullable Integer width,
            @Nullable String from,
            @Nullable String padding) {

        private record ColumnJson(
                String from,
                @JsonProperty("default") @Nullable Double missing) {}

        Input toInput() {
            if (columns != null && datatype.equals("FP32")) {
                return new Input.Columns(
                        name,
                        columns.stream()
                                .map(column -> new ModelSignature.Column(
                                        Origin.parse(column.from()), column.missing() == null ? 0 : column.missing()))
                                .toList());
            }
            if (width != null && width > 0 && from != null && datatype.equals("BYTES")) {
                return new Input.Texts(name, width, Origin.parse(from), padding == null ? "" : padding);
            }
            throw new IllegalArgumentException(
                    "the input " + name + " is neither FP32 with columns nor BYTES with from and width");
        }
    }

    /**
     * The signature in this answer.
     *
     * @throws IllegalArgumentException if nobody can lay out this model's inputs
     */
    public static ModelSignature signature(String model, ModelMetadataResponse metadata) {
        String inputs = metadata.getPropertiesMap().get("inputs");
        if (inputs == null) {
            throw new IllegalArgumentException("the model does not say where its inputs come from");
        }
        try {
            return new ModelSignature(
                    model,
                    metadata.getPropertiesOrDefault("signature", ""),
                    JSON.readValue(inputs, new TypeReference<List<InputJson>>() {}).stream()
                            .map(InputJson::toInput)
                            .toList(),
                    metadata.getOutputsList().stream()
                            .map(output -> new ModelSignature.Output(
                                    output.getName(), output.getDatatype(), output.getShapeList()))
                            .toList());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the inputs in the model's metadata cannot be read: " + e.getMessage(), e);
        }
    }
}
