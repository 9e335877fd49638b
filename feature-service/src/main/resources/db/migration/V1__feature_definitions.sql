create table feature_definitions (
    tenant     text        not null,
    version    integer     not null check (version > 0),
    project    text        not null,
    sha256     text        not null,
    definition text        not null,
    created_at timestamptz not null default now(),
    primary key (tenant, version)
);
