create table prediction_record (
    tenant text        not null,
    id     uuid        not null, -- version 7: they come in the order of time
    time   timestamptz not null,
    record bytea       not null, -- as it is on millrace.predictions.v1
    primary key (tenant, id)
);
create index prediction_record_time on prediction_record using brin (time);
