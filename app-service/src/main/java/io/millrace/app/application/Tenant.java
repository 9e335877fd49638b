package io.millrace.app.application;

/** Whose everything is. */
public final class Tenant {

    /** The only one until the gateway issues others. */
    public static final String DEFAULT = "default";

    private Tenant() {}
}
