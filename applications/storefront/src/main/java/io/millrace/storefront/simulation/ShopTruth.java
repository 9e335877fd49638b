package io.millrace.storefront.simulation;

import java.util.Random;

/**
 * What no program but the simulator may know.
 *
 * <p>Customers and items are points in a space of eight tastes. Items crowd around the centres of twelve categories,
 * customers like a mixture of two of them. Whoever holds the arrays must not change them.
 *
 * @param seed of all random numbers
 * @param centres one for each category
 * @param tastes one for each customer
 * @param rates how often each customer comes, one being the mean
 * @param arrivals the day on which each customer first comes
 * @param vectors one for each item
 * @param categories of the items
 * @param qualities how much everybody likes each item
 * @param prices in pounds
 * @param launches the day from which each item is sold
 * @param trendPhases where each item is in its ups and downs on the first day, in radians
 */
record ShopTruth(
        long seed,
        double[][] centres,
        double[][] tastes,
        double[] rates,
        double[] arrivals,
        double[][] vectors,
        int[] categories,
        double[] qualities,
        double[] prices,
        double[] launches,
        double[] trendPhases) {

    static final int TASTES = 8;

    static ShopTruth draw(ShopSize size, long seed) {
        Random random = new Random(seed);
        double[][] centres = new double[Wares.CATEGORIES][];
        for (int category = 0; category < centres.length; category++) {
            centres[category] = gaussian(random, 1);
        }
        double[][] vectors = new double[size.items()][];
        int[] categories = new int[size.items()];
        double[] qualities = new double[size.items()];
        double[] prices = new double[size.items()];
        double[] launches = new double[size.items()];
        double[] trendPhases = new double[size.items()];
        for (int item = 0; item < size.items(); item++) {
            categories[item] = random.nextInt(Wares.CATEGORIES);
            vectors[item] = sum(centres[categories[item]], 0.8, gaussian(random, 1), 0.6);
            qualities[item] = 0.7 * random.nextGaussian();
            prices[item] = Math.round(100 * Math.exp(1.3 + 0.7 * random.nextGaussian())) / 100.0;
            launches[item] = random.nextInt(5) == 0 ? 0.9 * size.days() * random.nextDouble() : 0;
            trendPhases[item] = 2 * Math.PI * random.nextDouble();
        }
        double[][] tastes = new double[size.customers()][];
        double[] rates = new double[size.customers()];
        double[] arrivals = new double[size.customers()];
        for (int customer = 0; customer < size.customers(); customer++) {
            double[] liked = centres[random.nextInt(Wares.CATEGORIES)];
            double[] alsoLiked = centres[random.nextInt(Wares.CATEGORIES)];
            tastes[customer] = sum(sum(liked, 0.6, alsoLiked, 0.4), 1, gaussian(random, 1), 0.5);
            rates[customer] = Math.exp(0.6 * random.nextGaussian() - 0.18);
            arrivals[customer] = random.nextInt(6) == 0 ? 0.9 * size.days() * random.nextDouble() : 0;
        }
        return new ShopTruth(
                seed, centres, tastes, rates, arrivals, vectors, categories, qualities, prices, launches, trendPhases);
    }

    /** How much of an item's attraction is fashion on a day; it comes and goes in five weeks. */
    double trend(int item, double day) {
        return 0.8 * Math.sin(trendPhases[item] + 2 * Math.PI * day / 35);
    }

    /** How well two points agree, about one for good friends. */
    static double agreement(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < TASTES; i++) {
            sum += a[i] * b[i];
        }
        return sum / Math.sqrt(TASTES);
    }

    private static double[] gaussian(Random random, double deviation) {
        double[] vector = new double[TASTES];
        for (int i = 0; i < TASTES; i++) {
            vector[i] = deviation * random.nextGaussian();
        }
        return vector;
    }

    private static double[] sum(double[] a, double weightA, double[] b, double weightB) {
        double[] sum = new double[TASTES];
        for (int i = 0; i < TASTES; i++) {
            sum[i] = weightA * a[i] + weightB * b[i];
        }
        return sum;
    }
}
