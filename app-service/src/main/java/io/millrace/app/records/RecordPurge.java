package io.millrace.app.records;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/** Deletes records that are old. Any number of replicas may do it at once. */
class RecordPurge {

    private static final Logger log = LoggerFactory.getLogger(RecordPurge.class);

    private final RecordStore store;
    private final Duration keep;
    private final InstantSource clock;

    RecordPurge(RecordStore store, Duration keep, InstantSource clock) {
        this.store = store;
        this.keep = keep;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 60_000, fixedDelay = 600_000)
    void purge() {
        try {
            long deleted = store.deleteBefore(clock.instant().minus(keep));
            if (deleted > 0) {
                log.atInfo().addKeyValue("records", deleted).log("old prediction records deleted");
            }
        } catch (DataAccessException | TransactionException e) {
            log.atDebug().addKeyValue("reason", e.getMessage()).log("old records stay until Postgres is back");
        }
    }
}
