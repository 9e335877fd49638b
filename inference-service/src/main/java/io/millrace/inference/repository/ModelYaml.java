package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.RefusedModelException;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code model.yaml}. An unknown key is refused, so that a typing error is not a silent default. */
final class ModelYaml {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private ModelYaml() {}

    /** What a description says in either respect. */
    private interface Reading<T> {
        T of(ModelFile file);
    }

    static ModelDefinition parse(String yaml) throws RefusedModelException {
        return read(yaml, file -> {
            String columns = MAPPER.writeValueAsString(file.inputs());
            return file.definition(columns, Sha256.hex(columns.getBytes(UTF_8)).substring(0, 16));
        });
    }

    /** @param otherwise the versions that are loaded where nothing is said */
    static Lifecycle lifecycle(String yaml, VersionPolicy otherwise) throws RefusedModelException {
        return read(yaml, file -> file.lifecycle(otherwise));
    }

    private static <T> T read(String yaml, Reading<T> reading) throws RefusedModelException {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            if (!(new Yaml(new SafeConstructor(options)).load(yaml) instanceof Map<?, ?> keys)) {
                throw new RefusedModelException("model.yaml: write a mapping");
            }
            return reading.of(MAPPER.convertValue(keys, ModelFile.class).checked());
        } catch (YAMLException | IllegalArgumentException e) {
            throw new RefusedModelException("model.yaml: " + e.getMessage(), e);
        } catch (DatabindException e) {
            throw new RefusedModelException("model.yaml: " + reason(e), e);
        }
    }

    private static String reason(DatabindException error) {
        String at = path(error.getPath());
        return error instanceof UnrecognizedPropertyException unknown
                ? "there is no key %s; known are %s".formatted(at, unknown.getKnownPropertyIds())
                : "%s: %s".formatted(at, error.getOriginalMessage());
    }

    /** Where Jackson stopped, as people write it: {@code inputs[0].columns[3].from}. */
    private static String path(List<JacksonException.Reference> steps) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : steps) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
