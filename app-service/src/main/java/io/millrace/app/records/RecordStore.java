package io.millrace.app.records;

import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.PredictionRecord;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/** The records in Postgres, in the table {@code prediction_record}, until they are old. */
public final class RecordStore {

    private static final int DELETED_AT_ONCE = 10_000;

    private final JdbcTemplate jdbc;

    RecordStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A record as it came from Kafka. */
    record Row(String tenant, UUID id, Instant time, byte[] value) {}

    /**
     * Adds those that are not there yet.
     *
     * @throws DataAccessException while Postgres is away, or has not got the table yet
     */
    void add(List<Row> rows) {
        jdbc.batchUpdate(
                "insert into app.prediction_record (tenant, id, time, record) values (?, ?, ?, ?) on conflict do nothing",
                rows,
                rows.size(),
                (statement, row) -> {
                    statement.setString(1, row.tenant());
                    statement.setObject(2, row.id());
                    statement.setTimestamp(3, Timestamp.from(row.time()));
                    statement.setBytes(4, row.value());
                });
    }

    /**
     * The record of this prediction.
     *
     * @throws RecordsAwayException if Postgres cannot be asked
     */
    public Optional<PredictionRecord> find(String tenant, UUID id) throws RecordsAwayException {
        try {
            List<byte[]> found = jdbc.query(
                    "select record from app.prediction_record where tenant = ? and id = ?",
                    (row, _) -> row.getBytes(1),
                    tenant,
                    id);
            return found.isEmpty() ? Optional.empty() : Optional.of(PredictionRecord.CODEC.decode(found.getFirst()));
        } catch (DataAccessException | TransactionException e) {
            throw new RecordsAwayException(e);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("a record was stored that cannot be read", e);
        }
    }

    /** Deletes what is older, and returns how many records that were. */
    long deleteBefore(Instant time) {
        long deleted = 0;
        int last;
        do {
            last = jdbc.update("""
                    delete from app.prediction_record where ctid in
                        (select ctid from app.prediction_record where time < ? limit ?)""", Timestamp.from(time), DELETED_AT_ONCE);
            deleted += last;
        } while (last == DELETED_AT_ONCE);
        return deleted;
    }
}
