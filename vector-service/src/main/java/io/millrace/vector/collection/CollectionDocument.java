package io.millrace.vector.collection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.vector.engine.Distance;
import io.millrace.vector.engine.PayloadType;
import io.millrace.vector.engine.Schema;
import io.millrace.vector.engine.VectorException.InvalidDefinition;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A collection's definition as JSON has it: in the API, in Postgres and in the copy on disk.
 *
 * @param vectors exactly one, by name
 * @param payloadSchema the type of each key
 * @param embed how entities without a point get one; left out, they get none
 */
public record CollectionDocument(
        @Nullable Map<String, VectorParameters> vectors,
        @JsonProperty("payload_schema") @Nullable Map<String, String> payloadSchema,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EmbedDocument embed) {

    private static final Pattern COLLECTION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final int MAX_KEYS = 64;

    /**
     * @param size coordinates
     * @param distance {@code dot}, {@code cosine} or {@code l2}
     */
    public record VectorParameters(int size, @Nullable String distance) {}

    /**
     * @param view a feature view
     * @param model an embedding model
     * @param payload payload key to feature
     * @param defaults payload key to the value it has without its feature
     */
    public record EmbedDocument(
            @Nullable String view,
            @Nullable String model,
            @Nullable Map<String, String> payload,
            @Nullable Map<String, Object> defaults) {}

    /** The document of a definition. */
    public static CollectionDocument of(CollectionDefinition definition) {
        Schema schema = definition.schema();
        Map<String, String> payload = new TreeMap<>();
        schema.payload().forEach((key, type) -> payload.put(key, type.wireName()));
        return new CollectionDocument(
                Map.of(
                        definition.vector(),
                        new VectorParameters(
                                schema.dimension(), schema.distance().wireName())),
                payload,
                definition
                        .embed()
                        .map(embed -> new EmbedDocument(
                                embed.view(),
                                embed.model(),
                                new TreeMap<>(embed.payload()),
                                new TreeMap<>(embed.defaults())))
                        .orElse(null));
    }

    /**
     * The definition in this document.
     *
     * @throws InvalidDefinition if it is none
     */
    public CollectionDefinition toDefinition(CollectionId id) {
        require(
                COLLECTION.matcher(id.name()).matches(),
                "",
                "a collection's name is 1 to 63 lower-case letters, digits, - and _, not \"" + id.name() + "\"");
        if (vectors == null || vectors.size() != 1) {
            throw new InvalidDefinition("/vectors", "name exactly one vector, for example {\"embedding\": {…}}");
        }
        Map.Entry<String, VectorParameters> vector =
                vectors.entrySet().iterator().next();
        requireKey(vector.getKey(), "/vectors/" + vector.getKey());
        Schema schema = schema(vector.getValue(), "/vectors/" + vector.getKey());
        return new CollectionDefinition(id, vector.getKey(), schema, Optional.ofNullable(embed(schema)));
    }

    private CollectionDefinition.@Nullable Embed embed(Schema schema) {
        EmbedDocument document = embed;
        if (document == null) {
            return null;
        }
        String view = document.view();
        if (view == null || view.isBlank()) {
            throw new InvalidDefinition("/embed/view", "name the feature view whose rows tell of new entities");
        }
        String model = document.model();
        if (model == null || model.isBlank()) {
            throw new InvalidDefinition("/embed/model", "name the embedding model");
        }
        Map<String, String> givenPayload = document.payload();
        Map<String, String> payload = givenPayload == null ? Map.of() : givenPayload;
        payload.keySet().forEach(key -> requireKnown(schema, key, "/embed/payload/" + key));
        Map<String, Object> defaults = new TreeMap<>();
        Map<String, Object> givenDefaults = document.defaults();
        Map<String, Object> given = givenDefaults == null ? Map.of() : givenDefaults;
        given.forEach((key, value) -> {
            String pointer = "/embed/defaults/" + key;
            PayloadType type = requireKnown(schema, key, pointer);
            Object wide = value instanceof Integer number ? (Object) number.longValue() : value;
            defaults.put(
                    key,
                    type.canonical(wide)
                            .orElseThrow(() -> new InvalidDefinition(pointer, "write a " + type.wireName())));
        });
        return new CollectionDefinition.Embed(view, model, payload, defaults);
    }

    private static PayloadType requireKnown(Schema schema, String key, String pointer) {
        PayloadType type = schema.payload().get(key);
        if (type == null) {
            throw new InvalidDefinition(
                    pointer,
                    "there is no payload key \"" + key + "\"; known are "
                            + schema.payload().keySet());
        }
        return type;
    }

    private Schema schema(@Nullable VectorParameters vector, String pointer) {
        if (vector == null || vector.size < 1 || vector.size > Schema.MAX_DIMENSION) {
            throw new InvalidDefinition(pointer + "/size", "a size is 1 to " + Schema.MAX_DIMENSION);
        }
        Distance distance = Distance.named(vector.distance == null ? "" : vector.distance)
                .orElseThrow(() -> new InvalidDefinition(pointer + "/distance", "write dot, cosine or l2"));
        Map<String, PayloadType> payload = new TreeMap<>();
        if (payloadSchema != null) {
            require(payloadSchema.size() <= MAX_KEYS, "/payload_schema", "a payload has at most " + MAX_KEYS + " keys");
            payloadSchema.forEach((key, type) -> {
                requireKey(key, "/payload_schema/" + key);
                payload.put(
                        key,
                        PayloadType.named(type)
                                .orElseThrow(() -> new InvalidDefinition(
                                        "/payload_schema/" + key, "write keyword, float, integer or bool")));
            });
        }
        return new Schema(vector.size, distance, payload);
    }

    private static void requireKey(String name, String pointer) {
        require(
                KEY.matcher(name).matches(),
                pointer,
                "a name is 1 to 63 lower-case letters, digits and _, a letter first");
    }

    private static void require(boolean fits, String pointer, String message) {
        if (!fits) {
            throw new InvalidDefinition(pointer, message);
        }
    }
}
