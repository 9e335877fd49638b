package io.millrace.inference.batching;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The requests of one priority, in the order in which they came. A request that gives up stays in the line, marked, and is
 * passed over, so that giving up costs nobody a search.
 */
final class Level {

    private final double weight;
    private final Deque<PendingRequest> line = new ArrayDeque<>();
    private int live;
    private int rows;
    private double served; // rows by weight that have left, on the scale of all levels

    Level(double weight) {
        this.weight = weight;
    }

    double weight() {
        return weight;
    }

    /** Rows that wait. */
    int rows() {
        return rows;
    }

    boolean isEmpty() {
        return live == 0;
    }

    double served() {
        return served;
    }

    void served(double now) {
        served = now;
    }

    void add(PendingRequest request) {
        line.add(request);
        live++;
        rows += request.rows();
    }

    /** One of its requests no longer waits. */
    void left(PendingRequest request) {
        live--;
        rows -= request.rows();
        while (!line.isEmpty() && !line.element().isWaiting()) {
            line.remove();
        }
        if (line.size() > 2 * live + 64) {
            line.removeIf(gone -> !gone.isWaiting());
        }
    }

    /** Those that wait, first come first. */
    Iterator<PendingRequest> iterator() {
        return line.iterator();
    }
}
