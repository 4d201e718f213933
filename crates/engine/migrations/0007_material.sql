-- What the script API keeps beside the catalog's own fields: descriptions, notes, three free fields, and
-- what only it knows of a material, a place or a reason.

alter table unit add column notes text;
alter table unit add column spare1 text;
alter table unit add column spare2 text;
alter table unit add column spare3 text;
alter table unit add column is_enabled bigint not null default 1;

alter table unit_conversion add column notes text;
alter table unit_conversion add column spare1 text;
alter table unit_conversion add column spare2 text;
alter table unit_conversion add column spare3 text;
alter table unit_conversion add column is_enabled bigint not null default 1;

alter table category add column description text;
alter table category add column notes text;
alter table category add column spare1 text;
alter table category add column spare2 text;
alter table category add column spare3 text;
alter table category add column is_enabled bigint not null default 1;

alter table product add column description text;
alter table product add column erp_id text;
alter table product add column shelf_life_days bigint;
alter table product add column quantity_format text;
alter table product add column notes text;
alter table product add column spare1 text;
alter table product add column spare2 text;
alter table product add column spare3 text;
create index product_by_erp_id on product (tenant, erp_id) where erp_id is not null;
create index product_by_name on product (tenant, name);

-- capacity_unit is what capacity is counted in, and what is entered here without a unit; 0 = the
-- product's own.
alter table location add column description text;
alter table location add column sort_order bigint not null default 0;
alter table location add column capacity_unit bigint not null default 0;
alter table location add column notes text;
alter table location add column spare1 text;
alter table location add column spare2 text;
alter table location add column spare3 text;

-- record_type is the kind of lot record that the reason is for; null = any.
alter table reason_code add column record_type text;
alter table reason_code add column description text;
alter table reason_code add column requires_comment bigint not null default 0;
alter table reason_code add column spare1 text;
alter table reason_code add column spare2 text;
alter table reason_code add column spare3 text;
