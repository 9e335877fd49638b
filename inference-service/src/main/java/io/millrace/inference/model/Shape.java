package io.millrace.inference.model;

import java.util.List;
import java.util.stream.LongStream;

/** A tensor's dimensions; the first one counts rows. In a model's description, {@link #VARIABLE} leaves one open. */
public record Shape(List<Long> dimensions) {

    /** A dimension that each request chooses. */
    public static final long VARIABLE = -1;

    public Shape {
        dimensions = List.copyOf(dimensions);
    }

    public static Shape of(long... dimensions) {
        return new Shape(LongStream.of(dimensions).boxed().toList());
    }

    public int rank() {
        return dimensions.size();
    }

    public long rows() {
        return dimensions.getFirst();
    }

    /** The shape of one row. */
    public Shape row() {
        return new Shape(dimensions.subList(1, dimensions.size()));
    }

    /** Whether both have the same {@link #row()}. */
    public boolean hasSameRow(Shape other) {
        if (rank() != other.rank()) {
            return false;
        }
        for (int i = 1; i < rank(); i++) {
            if (dimensions.get(i).longValue() != other.dimensions.get(i).longValue()) {
                return false;
            }
        }
        return true;
    }

    /** The same row shape with another number of rows. */
    public Shape withRows(long rows) {
        long[] changed = toArray();
        changed[0] = rows;
        return of(changed);
    }

    /**
     * The product of all dimensions.
     *
     * @throws ArithmeticException if it does not fit a {@code long}
     */
    public long elements() {
        long elements = 1;
        for (long dimension : dimensions) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }

    /** Whether a tensor of that shape may be passed where this shape is declared. */
    public boolean accepts(Shape actual) {
        if (rank() != actual.rank()) {
            return false;
        }
        for (int i = 0; i < rank(); i++) {
            if (dimensions.get(i) != VARIABLE && !dimensions.get(i).equals(actual.dimensions.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether every dimension is a size and not {@link #VARIABLE}. */
    public boolean isConcrete() {
        for (long dimension : dimensions) {
            if (dimension < 0) {
                return false;
            }
        }
        return true;
    }

    public long[] toArray() {
        return dimensions.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String toString() {
        return dimensions.toString();
    }
}
