package io.millrace.feature.offline;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.millrace.feature.aggregation.Contribution;
import io.millrace.feature.aggregation.ViewAggregation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What one entity's rows of a training set are made of: which rows they are, and in bytes what events gave to each view. */
final class EntityRows {

    private final ByteArrayOutputStream[] contributions; // by view
    private int[] rows = new int[4];
    private int size;

    EntityRows(int views) {
        contributions = new ByteArrayOutputStream[views];
        Arrays.setAll(contributions, view -> new ByteArrayOutputStream(0));
    }

    void addRow(int row) {
        if (size == rows.length) {
            rows = Arrays.copyOf(rows, 2 * size);
        }
        rows[size++] = row;
    }

    /** Keeps what a view got; answers how many bytes that takes. */
    int addContribution(int view, Contribution contribution) {
        int before = contributions[view].size();
        CodedOutputStream out = CodedOutputStream.newInstance(contributions[view], 64);
        try {
            contribution.write(out);
            out.flush();
            return contributions[view].size() - before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows in the order of their times. */
    int[] rowsByTime(long[] times) {
        return Arrays.stream(rows, 0, size)
                .boxed()
                .sorted(Comparator.comparingLong(row -> times[row]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** What a view got, in the order of event time, then of arrival. */
    List<Contribution> contributionsByTime(int view, ViewAggregation aggregation) {
        CodedInputStream in = CodedInputStream.newInstance(contributions[view].toByteArray());
        List<Contribution> sorted = new ArrayList<>();
        try {
            while (!in.isAtEnd()) {
                sorted.add(aggregation.contribution(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sorted.sort(Comparator.comparingLong(Contribution::micros).thenComparingLong(Contribution::sequence));
        return sorted;
    }
}
