package io.millrace.vector.ingestion;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param refreshInterval least time between two refreshes
 * @param commitInterval how long written points may wait for the disk; after a crash they are read again
 * @param unknownCollectionWait how long a point waits for its collection before it goes to the dead letters
 * @param embeddingBatch how many entities a model is asked for at once; models take as many rows
 */
@ConfigurationProperties("millrace.vector.ingestion")
record IngestionProperties(
        @DefaultValue("200ms") Duration refreshInterval,
        @DefaultValue("30s") Duration commitInterval,
        @DefaultValue("10s") Duration unknownCollectionWait,
        @DefaultValue("256") int embeddingBatch) {

    IngestionProperties {
        if (!refreshInterval.isPositive() || !commitInterval.isPositive() || unknownCollectionWait.isNegative()) {
            throw new IllegalArgumentException("millrace.vector.ingestion: intervals are positive");
        }
        if (embeddingBatch < 1) {
            throw new IllegalArgumentException("millrace.vector.ingestion.embedding-batch is positive");
        }
        if (refreshInterval.compareTo(UpkeepSchedule.LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException("millrace.vector.ingestion.refresh-interval is at most 1s");
        }
    }
}
