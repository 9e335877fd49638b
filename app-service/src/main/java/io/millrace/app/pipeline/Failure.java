package io.millrace.app.pipeline;

/** Why a step failed, with what it was told. */
record Failure(Cause cause, String detail) {}
