package io.millrace.storefront.training;

import io.millrace.storefront.evaluation.RankingQuality;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What the ranker learns from: lists of candidates, or pages, and what customers bought or chose of them. */
record RankingExamples(List<Listed> lists) {

    /**
     * One customer's candidates, or a page. Whoever holds it must not change the arrays.
     *
     * @param x {@link RankerColumn#ALL} row by row
     * @param y 1 where the customer bought or chose the candidate, else 0
     * @param offsets what is added to the logarithm of the odds of each row for reasons that are not the ranker's to learn: its
     *     place on a page; zero where there are none
     */
    record Listed(float[] x, float[] y, float[] offsets) {

        Listed(float[] x, float[] y) {
            this(x, y, new float[y.length]);
        }

        float bought() {
            float sum = 0;
            for (float one : y) {
                sum += one;
            }
            return sum;
        }
    }

    RankingExamples {
        lists = List.copyOf(lists);
    }

    RankingExamples and(RankingExamples other) {
        List<Listed> both = new ArrayList<>(lists);
        both.addAll(other.lists);
        return new RankingExamples(both);
    }

    /** The rows of all lists, one after the other. */
    float[] x() {
        float[] all = new float[rows() * RankerColumn.ALL.size()];
        int next = 0;
        for (Listed list : lists) {
            System.arraycopy(list.x(), 0, all, next, list.x().length);
            next += list.x().length;
        }
        return all;
    }

    /** The labels of all lists, one after the other. */
    float[] y() {
        float[] all = new float[rows()];
        int next = 0;
        for (Listed list : lists) {
            System.arraycopy(list.y(), 0, all, next, list.y().length);
            next += list.y().length;
        }
        return all;
    }

    /** The offsets of all lists, one after the other. */
    float[] offsets() {
        float[] all = new float[rows()];
        int next = 0;
        for (Listed list : lists) {
            System.arraycopy(list.offsets(), 0, all, next, list.y().length);
            next += list.y().length;
        }
        return all;
    }

    /**
     * How well scores order the lists: NDCG@20, where only candidates can be right.
     *
     * @param scores one for each row of all lists
     */
    double ndcg(float[] scores) {
        RankingQuality quality = new RankingQuality(20);
        int start = 0;
        for (Listed list : lists) {
            int from = start;
            Set<Integer> bought = new HashSet<>();
            for (int row = 0; row < list.y().length; row++) {
                if (list.y()[row] == 1) {
                    bought.add(row);
                }
            }
            if (bought.isEmpty()) {
                start += list.y().length;
                continue;
            }
            quality.add(
                    IntStream.range(0, list.y().length)
                            .boxed()
                            .sorted((a, b) -> Float.compare(scores[from + b], scores[from + a]))
                            .toList(),
                    bought);
            start += list.y().length;
        }
        return quality.ndcg();
    }

    /** How many candidates were bought or chosen. */
    int chosen() {
        return (int) lists.stream().mapToDouble(Listed::bought).sum();
    }

    /** How many candidates there are in all lists. */
    int rows() {
        return lists.stream().mapToInt(list -> list.y().length).sum();
    }
}
