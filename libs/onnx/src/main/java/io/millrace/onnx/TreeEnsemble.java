package io.millrace.onnx;

import java.util.List;

/**
 * Regression trees whose leaves are added up.
 *
 * @param base is added to every sum
 */
public record TreeEnsemble(float base, List<Tree> trees) {

    /** The {@code left} of a leaf. */
    public static final int LEAF = -1;

    public TreeEnsemble {
        trees = List.copyOf(trees);
    }

    /**
     * One tree, node by node; the first is the root. A row goes to {@code left} where its feature is below the value, and
     * to {@code right} where it is not; a missing number (NaN) goes where {@code missingLeft} says. Whoever holds it must
     * not change the arrays.
     *
     * @param left numbers of nodes, {@link #LEAF} for a leaf
     * @param right numbers of nodes; without meaning for a leaf
     * @param feature the column that the node looks at; without meaning for a leaf
     * @param value the threshold; for a leaf what it adds
     * @param missingLeft without meaning for a leaf
     */
    public record Tree(int[] left, int[] right, int[] feature, float[] value, boolean[] missingLeft) {}
}
