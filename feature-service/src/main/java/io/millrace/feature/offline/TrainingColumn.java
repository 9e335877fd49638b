package io.millrace.feature.offline;

import io.millrace.feature.aggregation.Dtype;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One feature of all rows: numbers as numbers, because there are a million of them, everything else as objects. */
public final class TrainingColumn {

    private final Dtype dtype;
    private final long[] numbers;
    private final BitSet present = new BitSet();
    private final @Nullable Object[] others;

    TrainingColumn(Dtype dtype, int rows) {
        boolean isNumber = dtype == Dtype.INT64 || dtype == Dtype.FLOAT64;
        this.dtype = dtype;
        this.numbers = new long[isNumber ? rows : 0];
        this.others = new @Nullable Object[isNumber ? 0 : rows];
    }

    void set(int row, @Nullable Object value) {
        switch (value) {
            case null -> present.clear(row);
            case Long number -> {
                numbers[row] = number;
                present.set(row);
            }
            case Double number -> {
                numbers[row] = Double.doubleToRawLongBits(number);
                present.set(row);
            }
            default -> {
                others[row] = value;
                present.set(row);
            }
        }
    }

    /** The value of a row: a {@code Long}, {@code Double}, {@code String}, {@code Boolean}, list of strings, or null. */
    public @Nullable Object get(int row) {
        if (!present.get(row)) {
            return null;
        }
        return switch (dtype) {
            case INT64 -> (Object) numbers[row];
            case FLOAT64 -> Double.longBitsToDouble(numbers[row]);
            case STRING, BOOL, STRING_LIST -> others[row];
        };
    }
}
