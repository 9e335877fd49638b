package io.millrace.storefront.simulation;

/**
 * How large a simulated shop is.
 *
 * @param customers a sixth of them come during the time
 * @param items a fifth of them come during the time
 * @param days the time that is simulated
 * @param sessions the mean number of visits of a customer in that time
 */
public record ShopSize(int customers, int items, int days, double sessions) {

    /** About 60,000 events. */
    public static final ShopSize SMALL = new ShopSize(400, 300, 90, 11.5);
}
