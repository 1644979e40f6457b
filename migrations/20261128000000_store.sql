-- What is to be known of the store itself.

create table store (
    name text not null constraint store_pkey primary key,
    value text not null
);
