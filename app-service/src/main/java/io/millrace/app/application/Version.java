package io.millrace.app.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.app.retrieval.Candidate;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One version of an application, as it is stored.
 *
 * @param version counted from 1 for each application
 * @param hash SHA-256 of the definition and the sources, in hexadecimal
 * @param definition the YAML, as it was sent
 * @param sources the items of each source, as JSON with sorted keys
 */
record Version(
        String tenant, String name, int version, String hash, String definition, String sources, Instant createdAt) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    static String hash(String definition, String sources) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(definition.getBytes(UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(sources.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String write(Map<String, List<SourceItem>> sources) {
        return JSON.writeValueAsString(sources);
    }

    /** Whether nothing was lost on the way to disk and back. */
    boolean isWhole() {
        return hash.equals(hash(definition, sources));
    }

    Map<String, List<Candidate>> candidates() {
        Map<String, List<Candidate>> candidates = new LinkedHashMap<>();
        JSON.readValue(sources, new TypeReference<Map<String, List<SourceItem>>>() {})
                .forEach((name, items) -> candidates.put(
                        name, items.stream().map(SourceItem::toCandidate).toList()));
        return candidates;
    }
}
