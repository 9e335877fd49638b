package io.millrace.deployment;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Files of the repository, read into records that know every field that may be in them: one that is unknown, twice there
 * or of another type is an error. So a typing error in a manifest is a failing test, not a setting without effect.
 */
final class StrictFile {

    static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, text -> {
                for (var shape :
                        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                    text.setCoercion(shape, CoercionAction.Fail);
                }
            })
            .withConfigOverride(
                    List.class, each -> each.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .withConfigOverride(Map.class, each -> each.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .build();

    private static final Pattern VERSION =
            Pattern.compile("<artifactId>millrace</artifactId>\\s*<version>([^<]+)</version>");

    private StrictFile() {}

    /** The repository; tests run in the folder of their module. */
    static Path repository() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    static String text(String file) {
        try {
            return Files.readString(repository().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T json(String file, Class<T> type) {
        return STRICT.readValue(text(file), type);
    }

    static <T> T yaml(String file, Class<T> type) {
        return STRICT.convertValue(yaml().load(text(file)), type);
    }

    /** The documents of a file or of what a command has printed, as they are. */
    static List<Object> documents(String text) {
        return StreamSupport.stream(yaml().loadAll(text).spliterator(), false).toList();
    }

    static Map<?, ?> mapping(String file) {
        return (Map<?, ?>) yaml().load(text(file));
    }

    /** The version that the build gives everything. */
    static String version() {
        Matcher found = VERSION.matcher(text("pom.xml"));
        if (!found.find()) {
            throw new IllegalStateException("pom.xml has no version");
        }
        return found.group(1);
    }

    private static Yaml yaml() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(100);
        return new Yaml(new SafeConstructor(options));
    }
}
