package io.millrace.vector.api;

import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.engine.VectorException.InvalidQuery;
import java.util.regex.Pattern;

/** Whose request it is. The name becomes a folder and part of keys, so it is held to what is harmless in both. */
final class Tenant {

    /** The header in which the gateway says so. */
    static final String HEADER = "X-Millrace-Tenant";

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private Tenant() {}

    /** The collection of this name that is the tenant's. */
    static CollectionId collection(String tenant, String name) {
        return new CollectionId(checked(tenant), name);
    }

    static String checked(String tenant) {
        if (!HARMLESS.matcher(tenant).matches()) {
            throw new InvalidQuery(
                    "",
                    "the header " + HEADER + " is 1 to 63 letters, digits, - and _, and begins with one of the first");
        }
        return tenant;
    }
}
