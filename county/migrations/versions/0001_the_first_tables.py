"""The first tables

Revision: 0001, after None.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('roles', sa.Text(), nullable=False),
    sa.Column('areas', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('account', name=op.f('pk_accounts'))
    )
    op.create_table('feed',
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('area', sa.String(length=12), nullable=True),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('lease_hours', sa.Integer(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('body', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('revision', name=op.f('pk_feed')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_feed_kind_key')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_feed_removed_last_day', 'feed', ['removed', 'last_day'], unique=False)
    op.create_table('hub_facts',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('content', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_hub_facts'))
    )
    op.create_table('residents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=18), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sex', sa.String(length=1), nullable=False),
    sa.Column('ethnic_group', sa.String(length=2), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=False),
    sa.Column('region', sa.String(length=12), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_residents')),
    sa.UniqueConstraint('number', name=op.f('uq_residents_number')),
    sa.UniqueConstraint('reference', name=op.f('uq_residents_reference'))
    )
    op.create_table('wall_items',
    sa.Column('item_no', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('draft', sa.Text(), nullable=False),
    sa.Column('area', sa.String(length=12), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('editors', sa.Text(), nullable=False),
    sa.Column('approver', sa.String(length=64), nullable=True),
    sa.Column('published_version', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('item_no', name=op.f('pk_wall_items'))
    )
    op.create_index(op.f('ix_wall_items_area'), 'wall_items', ['area'], unique=False)
    op.create_table('wrong_tries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('tried_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wrong_tries'))
    )
    op.create_index(op.f('ix_wrong_tries_account'), 'wrong_tries', ['account'], unique=False)
    op.create_table('cards',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('identification', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=8), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_cards_resident')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_cards'))
    )
    op.create_index(op.f('ix_cards_resident'), 'cards', ['resident'], unique=False)
    op.create_table('fingers',
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('finger', sa.String(length=20), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_fingers_resident')),
    sa.PrimaryKeyConstraint('resident', 'finger', name=op.f('pk_fingers'))
    )
    op.create_table('participations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('insurance_type', sa.String(length=3), nullable=False),
    sa.Column('scheme', sa.String(length=80), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('account_balance', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_participations_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participations'))
    )
    op.create_index(op.f('ix_participations_resident'), 'participations', ['resident'], unique=False)
    op.create_table('pensions',
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('benefit', sa.String(length=80), nullable=False),
    sa.Column('last_verified_on', sa.Date(), nullable=True),
    sa.Column('last_method', sa.String(length=30), nullable=True),
    sa.Column('matched_on', sa.Date(), nullable=True),
    sa.Column('suspended_since', sa.Date(), nullable=True),
    sa.Column('death_hint', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_pensions_resident')),
    sa.PrimaryKeyConstraint('resident', name=op.f('pk_pensions'))
    )
    op.create_table('sittings',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('kiosk', sa.String(length=64), nullable=False),
    sa.Column('insertion', sa.String(length=80), nullable=False),
    sa.Column('proven', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('nonce', sa.String(length=40), nullable=True),
    sa.Column('template_consent', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_sittings_resident')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sittings'))
    )
    op.create_table('staff_sessions',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('last_seen', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['accounts.account'], name=op.f('fk_staff_sessions_account')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_staff_sessions'))
    )
    op.create_index(op.f('ix_staff_sessions_account'), 'staff_sessions', ['account'], unique=False)
    op.create_table('submissions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('body_hash', sa.String(length=64), nullable=False),
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('offline', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_submissions_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submissions')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_submissions_submission_id'))
    )
    op.create_table('cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission', sa.Integer(), nullable=False),
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('wanted', sa.String(length=400), nullable=False),
    sa.Column('site', sa.String(length=12), nullable=False),
    sa.Column('kiosk', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['resident'], ['residents.id'], name=op.f('fk_cases_resident')),
    sa.ForeignKeyConstraint(['submission'], ['submissions.id'], name=op.f('fk_cases_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('submission', name=op.f('uq_cases_submission'))
    )
    op.create_index(op.f('ix_cases_resident'), 'cases', ['resident'], unique=False)
    op.create_table('contribution_months',
    sa.Column('participation', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('base', sa.BigInteger(), nullable=False),
    sa.Column('personal_share', sa.BigInteger(), nullable=False),
    sa.Column('unit_share', sa.BigInteger(), nullable=False),
    sa.Column('paid', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['participation'], ['participations.id'], name=op.f('fk_contribution_months_participation')),
    sa.PrimaryKeyConstraint('participation', 'month', name=op.f('pk_contribution_months')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('contribution_months')
    op.drop_index(op.f('ix_cases_resident'), table_name='cases')
    op.drop_table('cases')
    op.drop_table('submissions')
    op.drop_index(op.f('ix_staff_sessions_account'), table_name='staff_sessions')
    op.drop_table('staff_sessions')
    op.drop_table('sittings')
    op.drop_table('pensions')
    op.drop_index(op.f('ix_participations_resident'), table_name='participations')
    op.drop_table('participations')
    op.drop_table('fingers')
    op.drop_index(op.f('ix_cards_resident'), table_name='cards')
    op.drop_table('cards')
    op.drop_index(op.f('ix_wrong_tries_account'), table_name='wrong_tries')
    op.drop_table('wrong_tries')
    op.drop_index(op.f('ix_wall_items_area'), table_name='wall_items')
    op.drop_table('wall_items')
    op.drop_table('residents')
    op.drop_table('hub_facts')
    op.drop_index('ix_feed_removed_last_day', table_name='feed')
    op.drop_table('feed')
    op.drop_table('accounts')
