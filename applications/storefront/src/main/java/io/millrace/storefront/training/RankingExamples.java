package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.List;

/** What the ranker learns from: the lists of customers who bought something of theirs. */
record RankingExamples(List<Listed> lists) {

    /**
     * One customer's candidates. Whoever holds it must not change the arrays.
     *
     * @param x {@link RankerColumn#ALL} row by row
     * @param y 1 where the customer bought the candidate in the label period, else 0
     */
    record Listed(float[] x, float[] y) {

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

    /** How many candidates there are in all lists. */
    int rows() {
        return lists.stream().mapToInt(list -> list.y().length).sum();
    }
}
