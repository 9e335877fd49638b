package io.millrace.local.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A folder with {@code features.yaml}, {@code collections.yaml} and {@code application.yaml}, each of which may be missing.
 *
 * @param folder where they are
 * @param generated where the trainer writes the sources that the application names, for example {@code popular.json}
 */
record ApplicationFolder(Path folder, Path generated) {

    /** The feature definitions as they are written. */
    Optional<String> features() throws DefinitionException {
        return text("features.yaml");
    }

    /** The collections by name, each as its definition in JSON. */
    SequencedMap<String, String> collections() throws DefinitionException {
        var collections = new LinkedHashMap<String, String>();
        Optional<String> text = text("collections.yaml");
        if (text.isPresent()) {
            mapping("collections.yaml", mapping("collections.yaml", text.get()).get("collections"))
                    .forEach((name, definition) -> collections.put(name, HttpJson.JSON.writeValueAsString(definition)));
        }
        return collections;
    }

    /** The name of the application and the body that puts it: its definition and the contents of its sources. */
    Optional<Application> application() throws DefinitionException {
        Optional<String> text = text("application.yaml");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> definition = mapping("application.yaml", text.get());
        if (!(definition.get("application") instanceof String name)) {
            throw new DefinitionException(folder.resolve("application.yaml") + " does not say its `application`.");
        }
        var sources = new LinkedHashMap<String, JsonNode>();
        if (definition.get("sources") instanceof Map<?, ?> named) {
            for (Map.Entry<?, ?> each : named.entrySet()) {
                if (each.getValue() instanceof Map<?, ?> source && source.get("file") instanceof String file) {
                    sources.put(each.getKey().toString(), source(each.getKey().toString(), file));
                }
            }
        }
        return Optional.of(new Application(name, text.get(), sources));
    }

    /** An application as its owner takes it. */
    record Application(String name, String definition, Map<String, JsonNode> sources) {

        String body() {
            var body = new LinkedHashMap<String, Object>(); // the same text each time, as its hash is compared
            body.put("definition", definition);
            body.put("sources", sources);
            return HttpJson.JSON.writeValueAsString(body);
        }
    }

    private JsonNode source(String name, String file) throws DefinitionException {
        Optional<Path> found = Stream.of(folder, generated)
                .map(each -> each.resolve(file))
                .filter(Files::isRegularFile)
                .findFirst();
        if (found.isEmpty()) {
            throw new DefinitionException(
                    "application.yaml takes the source `%s` from %s, which is neither in %s nor in %s."
                            .formatted(name, file, folder, generated));
        }
        try {
            return HttpJson.JSON.readTree(Files.readString(found.get()));
        } catch (IOException | JacksonException e) {
            throw new DefinitionException(found.get() + " is no JSON: " + e.getMessage(), e);
        }
    }

    private Optional<String> text(String name) throws DefinitionException {
        Path file = folder.resolve(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new DefinitionException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private Map<String, Object> mapping(String file, String text) throws DefinitionException {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return mapping(file, loaded);
        } catch (YAMLException e) {
            throw new DefinitionException(folder.resolve(file) + " is no YAML: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> mapping(String file, @Nullable Object value) throws DefinitionException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new DefinitionException(folder.resolve(file) + " has no mapping where one belongs.");
        }
        var mapping = new LinkedHashMap<String, Object>();
        map.forEach((key, each) -> mapping.put(key.toString(), each));
        return mapping;
    }

    /** Whether there is anything to apply. */
    boolean isEmpty() {
        return Stream.of("features.yaml", "collections.yaml", "application.yaml")
                .noneMatch(name -> Files.exists(folder.resolve(name)));
    }
}
