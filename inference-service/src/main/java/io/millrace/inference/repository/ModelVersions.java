package io.millrace.inference.repository;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The versions of one model at one moment.
 *
 * @param serving those that answer; the latest answers where no version is asked for
 * @param refused those that cannot, with the reason
 */
public record ModelVersions(
        String model, NavigableMap<Integer, ServingVersion> serving, SortedMap<Integer, Refusal> refused) {

    /**
     * Why a version is not served.
     *
     * @param fingerprint of the files that were refused; the version is tried again when it changes
     */
    public record Refusal(String fingerprint, String reason) {}

    public ModelVersions {
        serving = Collections.unmodifiableNavigableMap(new TreeMap<>(serving));
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    }

    static ModelVersions none(String model) {
        return new ModelVersions(model, new TreeMap<>(), new TreeMap<>());
    }

    Optional<ServingVersion> latest() {
        return Optional.ofNullable(serving.lastEntry()).map(Map.Entry::getValue);
    }
}
