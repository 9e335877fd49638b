package io.millrace.feature.offline;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How large a training set may be. One is made at a time, so these bound what all of them need.
 *
 * @param maxRows moments of entities
 * @param maxCells rows times features
 * @param maxMemory what is kept of the events while they are read: 8 bytes of each, and what each gives to the entities that
 *     were asked for
 */
@ConfigurationProperties("millrace.feature.offline")
record OfflineProperties(
        @DefaultValue("1000000") int maxRows,
        @DefaultValue("50000000") long maxCells,
        @DefaultValue("256MB") DataSize maxMemory) {

    OfflineProperties {
        if (maxRows < 1 || maxCells < 1 || maxMemory.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "millrace.feature.offline: max-rows, max-cells and max-memory are positive");
        }
    }
}
