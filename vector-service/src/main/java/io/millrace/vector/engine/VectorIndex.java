package io.millrace.vector.engine;

import io.millrace.wire.Point;
import java.io.Closeable;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The points of one embedding space.
 *
 * <p>One thread writes, refreshes and commits; any number search. What is written becomes searchable with {@link
 * #refresh}, and survives a restart with {@link #commit}. Errors of the disk are {@link java.io.UncheckedIOException}s.
 */
public interface VectorIndex extends Closeable {

    /**
     * Adds or replaces a point, unless the point that is there has a greater version.
     *
     * @return whether it was taken
     */
    boolean upsert(Point point);

    /** Removes a point, if it is there. */
    void delete(String id);

    /** Lets searches see what was written. */
    void refresh();

    /** Makes what was written durable, together with the marks: both are there after a restart, or neither. */
    void commit(Map<String, String> marks);

    /** The marks of the last commit. */
    Map<String, String> marks();

    /**
     * Finds the nearest points.
     *
     * @throws VectorException.InvalidQuery if the query does not fit the schema
     * @throws VectorException.DeadlineExceeded if the deadline passes first
     */
    Hits search(VectorQuery query, Deadline deadline);

    /** The version of the point with this id, if searches see it. */
    OptionalLong version(String id);

    /** How many points searches see. */
    long points();

    @Override
    void close();
}
